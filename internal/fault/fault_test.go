package fault

import (
	"errors"
	"fmt"
	"testing"
)

func TestFaultsCompareByCode(t *testing.T) {
	cause := errors.New("disk")
	f := ErrStale.With("a", "1").Because(cause).Show("x", 2)
	wrapped := fmt.Errorf("around: %w", f)
	if !errors.Is(wrapped, ErrStale) || errors.Is(wrapped, ErrState) || !errors.Is(wrapped, cause) {
		t.Error("a fault is known by its code and by what it wraps, and by nothing else")
	}
	if Code(wrapped) != "stale" || Code(nil) != "" || Code(cause) != "internal" {
		t.Error(Code(wrapped), Code(nil), Code(cause))
	}
}

func TestCopiesLeaveTheOriginalAlone(t *testing.T) {
	one := New(Conflict, "c").With("k", "1").Show("e", 1)
	two := one.With("k", "2").Show("e", 2).Show("f", 3)
	if one.Values["k"] != "1" || one.Extra["e"] != 1 || len(one.Extra) != 1 {
		t.Errorf("the first changed: %+v", one)
	}
	if two.Values["k"] != "2" || two.Extra["e"] != 2 || two.Extra["f"] != 3 {
		t.Errorf("the second: %+v", two)
	}
	if ErrStale.Values != nil || ErrStale.Extra != nil {
		t.Error("a shared refusal was written to")
	}
}

func TestBadFieldNamesTheField(t *testing.T) {
	f, ok := As(fmt.Errorf("x: %w", BadField("people", "max", "4")))
	if !ok || f.Kind != Invalid || f.Code != "validation" || f.Fields[0] != (Field{"people", "max", "4"}) {
		t.Errorf("%+v", f)
	}
}
