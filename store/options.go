package store

import (
	"runtime"
	"time"
)

func (o Options) withDefaults() Options {
	orInt(&o.Readers, max(4, 2*runtime.GOMAXPROCS(0)))
	orInt(&o.Conns, 16)
	orInt(&o.Batch, 256)
	orInt(&o.Queue, 4096)
	if o.ReadLimit <= 0 {
		o.ReadLimit = 5 * time.Second
	}
	if o.BusyLimit <= 0 {
		o.BusyLimit = 5 * time.Second
	}
	if o.OneCommitEach {
		o.Batch = 1
	}
	return o
}

func orInt(v *int, otherwise int) {
	if *v <= 0 {
		*v = otherwise
	}
}
