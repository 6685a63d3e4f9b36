package redis

import (
	"testing"

	goredis "github.com/redis/go-redis/v9"
)

// go-redis waits for seconds, ignores deadlines, dials five times and repeats
// calls unless it is told not to; a new version may add more of that.
func TestGoRedisDoesNothingOnItsOwn(t *testing.T) {
	c, err := Open(Options{URL: "rediss://user:pw@cache.test:6380/3"})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	o := c.redis.(*goredis.Client).Options()
	if !o.ContextTimeoutEnabled || o.MaxRetries != 0 || o.DialerRetries != 1 {
		t.Errorf("deadlines heard %v, %d retries, %d dials", o.ContextTimeoutEnabled, o.MaxRetries, o.DialerRetries)
	}
	for name, limit := range map[string]any{
		"dial": o.DialTimeout, "read": o.ReadTimeout, "write": o.WriteTimeout, "pool": o.PoolTimeout,
	} {
		if limit != Patience {
			t.Errorf("%s may take %v, want %v", name, limit, Patience)
		}
	}
	if o.TLSConfig == nil || o.Username != "user" || o.Password != "pw" || o.DB != 3 || o.Addr != "cache.test:6380" {
		t.Error("the address did not arrive whole")
	}
	many, err := Open(Options{URL: "redis://a.test:1,b.test:2"})
	if err != nil {
		t.Fatal(err)
	}
	defer many.Close()
	if _, ok := many.redis.(*goredis.ClusterClient); !ok || !many.cluster {
		t.Errorf("two addresses are a %T", many.redis)
	}
	if co := many.redis.(*goredis.ClusterClient).Options(); co.ReadTimeout != Patience || !co.ContextTimeoutEnabled || co.MaxRedirects != 2 {
		t.Errorf("the cluster reads for %v, hears deadlines %v, follows %d", co.ReadTimeout, co.ContextTimeoutEnabled, co.MaxRedirects)
	}
}
