package redis

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	goredis "github.com/redis/go-redis/v9"
)

// parse reads redis://, rediss:// and unix:// addresses. Several, separated by
// commas, are the nodes of one cluster; after the first a bare host:port is
// enough. Errors never repeat the address: it may hold a password.
func parse(addresses string) (*goredis.UniversalOptions, error) {
	list := strings.Split(addresses, ",")
	first, err := parseOne(strings.TrimSpace(list[0]))
	if err != nil {
		return nil, fmt.Errorf("redis address: %w", err)
	}
	o := &goredis.UniversalOptions{
		Addrs: []string{first.Addr}, DB: first.DB, TLSConfig: first.TLSConfig,
		Username: first.Username, Password: first.Password,
	}
	scheme, _, _ := strings.Cut(list[0], "://")
	for i, next := range list[1:] {
		if next = strings.TrimSpace(next); !strings.Contains(next, "://") {
			next = strings.TrimSpace(scheme) + "://" + next
		}
		node, err := parseOne(next)
		if err != nil {
			return nil, fmt.Errorf("redis address %d: %w", i+2, err)
		}
		o.Addrs = append(o.Addrs, node.Addr)
	}
	if len(o.Addrs) > 1 && (o.DB != 0 || first.Network == "unix") {
		return nil, errors.New("redis address: a cluster has neither numbered databases nor a unix socket")
	}
	return o, nil
}

func parseOne(address string) (*goredis.Options, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("not a URL")
	}
	for key := range u.Query() {
		// Timeouts and pool sizes are ours (see Patience); silently dropping
		// what somebody wrote would be worse than refusing it.
		if key != "db" {
			return nil, fmt.Errorf("the parameter %q is not supported", key)
		}
	}
	o, err := goredis.ParseURL(address)
	if err != nil {
		return nil, errors.New("not of the form redis://, rediss:// or unix://")
	}
	return o, nil
}
