package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"gongbang/account"
)

// operator acts for whoever has the shell.
var operator = account.System("cli")

func runAccount(ctx context.Context, c call) error {
	if len(c.args) == 0 {
		return misused("say create or password")
	}
	what := c.args[0]
	c.args = c.args[1:]
	switch what {
	case "create":
		return createAccount(ctx, c)
	case "password":
		return setPassword(ctx, c)
	}
	return misused("there is no account %q; say create or password", what)
}

// newAccount is what the flags of account create say.
type newAccount struct {
	account.NewAccount
	readPassword bool
}

func parseNewAccount(args []string) (newAccount, error) {
	var n newAccount
	fs := flag.NewFlagSet("account create", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	text := func(name string, to *account.Secret) {
		fs.Func(name, "", func(s string) error { *to = account.Secret(s); return nil })
	}
	text("name", &n.Name)
	text("email", &n.Email)
	text("phone", &n.Phone)
	fs.Func("role", "", func(s string) error { n.Role = account.Role(s); return nil })
	fs.Func("center", "", func(s string) error { n.Centers = append(n.Centers, s); return nil })
	fs.BoolVar(&n.readPassword, "password-stdin", false, "")
	if err := fs.Parse(args); err != nil {
		return n, misuse{err}
	}
	roles := []account.Role{account.Citizen, account.Staff, account.Manager, account.Admin}
	switch {
	case fs.NArg() > 0:
		return n, misused("%q is too much", fs.Arg(0))
	case n.Name == "":
		return n, misused("--name is missing")
	case n.Email == "" && n.Phone == "":
		return n, misused("--email or --phone is missing; one is enough")
	case !slices.Contains(roles, n.Role):
		return n, misused("--role is %q; allowed is citizen, staff, manager or admin", n.Role)
	case n.Role == account.Staff && len(n.Centers) == 0:
		return n, misused("staff belong to a center: --center ID")
	case n.Role == account.Citizen && len(n.Centers) > 0:
		return n, misused("a citizen has no --center")
	}
	return n, nil
}

func createAccount(ctx context.Context, c call) error {
	n, err := parseNewAccount(c.args)
	if err != nil {
		return err
	}
	cfg, err := loadConfig(c.env, nil, false)
	if err != nil {
		return err
	}
	if n.readPassword {
		if n.Password, err = readPassword(c.in); err != nil {
			return err
		}
	}
	a, err := openApp(ctx, cfg, appOptions{})
	if err != nil {
		return err
	}
	defer a.close()
	if err := a.knowCenters(ctx, n.Centers); err != nil {
		return err
	}
	made, err := a.accounts.Create(ctx, operator, n.NewAccount)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.out, "account %s: %s\n", made.ID, n.Role)
	return nil
}

// knowCenters refuses a role at a center that the catalog does not have: a
// typing mistake would otherwise show as an empty desk.
func (a *app) knowCenters(ctx context.Context, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	c, err := catalogNow(ctx, a.db)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if _, ok := c.Center(id); !ok {
			return fmt.Errorf("there is no center %q in the catalog; import it first", id)
		}
	}
	return nil
}

func setPassword(ctx context.Context, c call) error {
	var login string
	var stdin bool
	for _, arg := range c.args {
		switch {
		case arg == "--password-stdin" || arg == "-password-stdin":
			stdin = true
		case strings.HasPrefix(arg, "-") || login != "":
			return misused("%q is too much", arg)
		default:
			login = arg
		}
	}
	if login == "" || !stdin {
		return misused("say whose and where from: account password LOGIN --password-stdin")
	}
	cfg, err := loadConfig(c.env, nil, false)
	if err != nil {
		return err
	}
	password, err := readPassword(c.in)
	if err != nil {
		return err
	}
	a, err := openApp(ctx, cfg, appOptions{})
	if err != nil {
		return err
	}
	defer a.close()
	if err := a.accounts.SetPasswordByLogin(ctx, operator, login, password); err != nil {
		return err
	}
	fmt.Fprintln(c.out, "the password is set; all sessions of the account have ended")
	return nil
}

// readPassword reads the first line; no more than anybody would type.
func readPassword(in io.Reader) (account.Secret, error) {
	line, err := bufio.NewReader(io.LimitReader(in, 4096)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("the password can't be read: %w", err)
	}
	line = strings.TrimRight(line, "\r\n")
	if line == "" {
		return "", errors.New("the standard input holds no password")
	}
	return account.Secret(line), nil
}
