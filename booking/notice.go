package booking

import "context"

// Notice says that the availability of a machine changed on a day, and nothing
// more: no person, no interval. Whoever shows that day fetches it anew.
type Notice struct {
	Equipment string
	Day       Date
}

// Feed hands notices out. It is the reading side of Watch; both are one object
// in store/memory and store/redis.
type Feed interface {
	// Subscribe hands on notices about the named machines, or about all when
	// none is named, until ctx ends or the feed is closed; then the channel is
	// closed. At most one notice a second comes per machine and day, and the
	// last change is never left out. A reader that does not keep up loses
	// notices; nobody ever waits for it.
	Subscribe(ctx context.Context, equipment []string) <-chan Notice
}
