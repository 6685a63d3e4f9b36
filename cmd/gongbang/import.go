package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"gongbang/booking"
	"gongbang/store"
)

const (
	keepAffected   = "keep"
	cancelAffected = "cancel"
)

func runImport(ctx context.Context, c call) error {
	path, affected, err := parseImport(c.args)
	if err != nil {
		return err
	}
	cfg, err := loadConfig(c.env, nil, false)
	if err != nil {
		return err
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("the catalog can't be read: %w", err)
	}
	file, problems := store.ReadCatalog(raw)
	if len(problems) > 0 {
		return tellProblems(c.errOut, path, problems)
	}
	a, err := openApp(ctx, cfg, appOptions{})
	if err != nil {
		return err
	}
	defer a.close()
	saved, err := store.SaveCatalog(ctx, a.db, file, affected, a.withdraw)
	var touched *store.AffectedError
	var refused *store.RefusedCatalogError
	switch {
	case errors.As(err, &touched):
		fmt.Fprintln(c.errOut, "Nothing was changed: these bookings can't stand by the new catalog.")
		tellAffected(c.errOut, touched.Bookings)
		return errors.New("say --affected=keep (they stay) or --affected=cancel (people are told)")
	case errors.As(err, &refused):
		return tellProblems(c.errOut, path, refused.Problems)
	case err != nil:
		return err
	}
	return tellImport(c, saved, affected)
}

// parseImport takes the flag before or behind the file, as people type it.
func parseImport(args []string) (path, affected string, err error) {
	fs := flag.NewFlagSet("import", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.StringVar(&affected, "affected", "", "")
	for {
		if err := fs.Parse(args); err != nil {
			return "", "", misuse{err}
		}
		if fs.NArg() == 0 {
			break
		}
		if path != "" {
			return "", "", misused("one file at a time; %q is too much", fs.Arg(0))
		}
		path, args = fs.Arg(0), fs.Args()[1:]
	}
	switch {
	case path == "":
		return "", "", misused("say which file: import FILE")
	case affected != "" && affected != keepAffected && affected != cancelAffected:
		return "", "", misused("--affected is %q; allowed is keep or cancel", affected)
	}
	return path, affected, nil
}

func tellProblems(out io.Writer, path string, problems []booking.ImportProblem) error {
	for _, p := range problems {
		fmt.Fprintf(out, "%s: %s\n", path, p)
	}
	return fmt.Errorf("nothing was changed: %d errors in the catalog", len(problems))
}

func tellAffected(out io.Writer, list []store.AffectedBooking) {
	for _, b := range list {
		fmt.Fprintf(out, "  %s %s unit %d, %s to %s: %s\n", b.Code, b.EquipmentID, b.Unit,
			b.Start.Format("2006-01-02 15:04Z"), b.End.Format("15:04Z"), b.Why)
	}
}

// tellImport says what the import did.
func tellImport(c call, saved store.SavedCatalog, affected string) error {
	for _, w := range saved.Warnings {
		fmt.Fprintf(c.errOut, "warning: %s\n", w)
	}
	what := "unchanged"
	if saved.Changed {
		what = fmt.Sprintf("revision %d", saved.Revision)
	}
	fmt.Fprintf(c.out, "catalog: %d centers, %d kinds of machine, %d units; %s\n", saved.Centers, saved.Equipment, saved.Units, what)
	for _, id := range saved.Retired {
		fmt.Fprintf(c.out, "retired: %s\n", id)
	}
	if len(saved.Affected) == 0 {
		return nil
	}
	fmt.Fprintf(c.out, "affected bookings (%s): %d\n", affected, len(saved.Affected))
	tellAffected(c.out, saved.Affected)
	return nil
}

// catalogChanged is the reason that people read.
const catalogChanged = "센터의 운영 정보가 바뀌어 취소되었습니다. (The center's offer changed.)"

// withdraw cancels what the new catalog breaks, inside the import's own transaction.
func (a *app) withdraw(ctx context.Context, tx booking.Tx, ids []string) error {
	return a.bookings.WithdrawImported(ctx, tx, ids, catalogChanged)
}
