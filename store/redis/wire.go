package redis

import "fmt"

// encode writes a group the way ops.lua reads it.
func encode(group []*call) (keys []string, args []any) {
	number := make(map[string]int, len(group))
	args = make([]any, 0, 10*len(group))
	for _, one := range group {
		n, known := number[one.key]
		if !known {
			keys = append(keys, one.key)
			n = len(keys)
			number[one.key] = n
		}
		args = append(append(args, one.op, n), one.args...)
	}
	return keys, args
}

// byKey groups calls by key, in the order they came.
func byKey(batch []*call) (groups [][]*call) {
	number := make(map[string]int, len(batch))
	for _, one := range batch {
		n, known := number[one.key]
		if !known {
			n = len(groups)
			number[one.key] = n
			groups = append(groups, nil)
		}
		groups[n] = append(groups[n], one)
	}
	return groups
}

func firstError(results []answer) error {
	for _, r := range results {
		if r.err != nil {
			return r.err
		}
	}
	return nil
}

// hand gives each caller of a group its answer.
func hand(group []*call, results []answer, at int, err error) {
	var values []any
	if err == nil {
		var whole bool
		if values, whole = results[at].value.([]any); !whole || len(values) != len(group) {
			err = down(fmt.Errorf("%d answers to %d operations", len(values), len(group)))
		}
	}
	for i, one := range group {
		if err != nil {
			one.done <- answer{err: err}
			continue
		}
		one.done <- answer{value: values[i]}
	}
}
