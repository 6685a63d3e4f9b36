package redis

import (
	"context"
	_ "embed"
	"errors"

	goredis "github.com/redis/go-redis/v9"
)

//go:embed ops.lua
var source string

var script = goredis.NewScript(source)

// trip runs one script call for each group, in a pipeline when there are several.
func (c *Client) trip(ctx context.Context, groups [][]*call) []answer {
	results := c.run(ctx, groups, script.EvalSha)
	// After a restart or SCRIPT FLUSH the server does not know the script and
	// has run nothing: the same calls with the text are their first run.
	var again [][]*call
	var at []int
	for i, r := range results {
		if goredis.HasErrorPrefix(r.err, "NOSCRIPT") || errors.Is(r.err, goredis.ErrNoScript) {
			again, at = append(again, groups[i]), append(at, i)
		}
	}
	for i, r := range c.run(ctx, again, script.Eval) {
		results[at[i]] = r
	}
	return results
}

type runner func(ctx context.Context, s goredis.Scripter, keys []string, args ...any) *goredis.Cmd

func (c *Client) run(ctx context.Context, groups [][]*call, with runner) []answer {
	commands := make([]*goredis.Cmd, len(groups))
	switch len(groups) {
	case 0:
		return nil
	case 1:
		keys, args := encode(groups[0])
		commands[0] = with(ctx, c.redis, keys, args...)
	default:
		pipe := c.redis.Pipeline()
		for i, group := range groups {
			keys, args := encode(group)
			commands[i] = with(ctx, pipe, keys, args...)
		}
		_, _ = pipe.Exec(ctx) // each command carries its own error
	}
	results := make([]answer, len(groups))
	for i, command := range commands {
		results[i].value, results[i].err = command.Result()
	}
	return results
}
