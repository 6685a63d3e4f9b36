package store

// Tampered is o with statements that are run on each connection after its
// settings were made and before they are read back.
func Tampered(o Options, texts ...string) Options {
	o.tamper = texts
	return o
}

// FailAfter is o with a failpoint behind the migration of this number, before
// its commit.
func FailAfter(o Options, no int64, fail func() error) Options {
	o.afterStep = func(m migration) error {
		if m.no == no {
			return fail()
		}
		return nil
	}
	return o
}
