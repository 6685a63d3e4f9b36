package testkit

import (
	"fmt"
	"net"
	"os"
	"sync/atomic"
)

// The ports that FreeAddress hands out: below those that systems give to
// outgoing connections, and above the ones that browsers refuse to open.
const (
	firstPort = 12000
	ports     = 20000
)

var handedOut atomic.Int64

// FreeAddress is a host and port of this machine on which nothing listens. No
// outgoing connection takes it before a server does, or while one is killed
// and started again, and no call of this process gets it twice.
func FreeAddress() (string, error) {
	for range ports {
		// Processes that run side by side begin at different places.
		port := firstPort + (int64(os.Getpid())*97+handedOut.Add(1))%ports
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			continue
		}
		return l.Addr().String(), l.Close()
	}
	return "", fmt.Errorf("none of %d ports is free", ports)
}
