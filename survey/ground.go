package survey

import (
	"context"
	"sort"
)

// Ground is whom the responses of one questionnaire about one center's month
// may be from: what details they may keep stands on it.
type Ground struct {
	Month, Center, Template string
	Version                 int
	Entry                   Entry
}

// Stand is one machine of a ground: how many people's answers about it left
// the inbox and how many of them kept it. Without a machine it counts the
// responses that kept the category alone.
type Stand struct {
	Category, Equipment string
	People, Kept        int
}

// crowd judges a ground with all that stands on it. Whoever reads every table
// knows who answered about which machine, so that what a response doesn't say
// can be worked out from what the others say. Of each response it asks: who is
// left that it may be from?
type crowd struct {
	at    map[[2]string]*Stand
	dirty map[[2]string]bool
}

func newCrowd(known []Stand) *crowd {
	c := &crowd{at: map[[2]string]*Stand{}, dirty: map[[2]string]bool{}}
	for _, s := range known {
		c.at[[2]string{s.Category, s.Equipment}] = &s
	}
	return c
}

// add changes a stand by so many people and so many kept.
func (c *crowd) add(category, equipment string, people, kept int) {
	key := [2]string{category, equipment}
	if c.at[key] == nil {
		c.at[key] = &Stand{Category: category, Equipment: equipment}
	}
	c.dirty[key] = true
	c.at[key].People += people
	c.at[key].Kept += kept
}

// keep tells the finest detail a response may have, and counts it.
func (c *crowd) keep(category, equipment string) (string, string) {
	if category == "" {
		return "", ""
	}
	for _, finest := range []string{equipment, ""} {
		c.add(category, finest, 0, 1)
		if c.holds(category, equipment, finest) {
			return category, finest
		}
		c.add(category, finest, 0, -1)
	}
	return "", ""
}

// holds tells whether at least five people are behind each response that such
// a one stands beside: those with the machine, those with the category alone,
// and those with neither. Of the last two there are at least five before
// anything finer is kept: what is left over of a category or a center is then
// enough to be a figure's rest, and hides none of its parts.
func (c *crowd) holds(category, equipment, finest string) bool {
	if finest != "" && (c.at[[2]string{category, equipment}].People < least || c.alone(category) < least) {
		return false
	}
	behind, left := map[string]int{}, map[string]int{}
	for _, s := range c.at {
		left[s.Category] += s.People - s.Kept
		if s.Equipment != "" && s.People > s.Kept {
			behind[s.Category] += s.People
		}
	}
	center, rest := 0, 0
	for category, n := range left {
		if n > 0 {
			center += behind[category]
			rest += n
		}
	}
	return behind[category] >= least && center >= least && rest >= least
}

// alone counts the responses that keep the category and no machine.
func (c *crowd) alone(category string) int {
	if s := c.at[[2]string{category, ""}]; s != nil {
		return s.Kept
	}
	return 0
}

// changed lists the stands that moved, in a fixed order.
func (c *crowd) changed() []Stand {
	var out []Stand
	for key := range c.dirty {
		out = append(out, *c.at[key])
	}
	sort.Slice(out, func(a, b int) bool {
		if out[a].Category != out[b].Category {
			return out[a].Category < out[b].Category
		}
		return out[a].Equipment < out[b].Equipment
	})
	return out
}

// settleDetails gives each response the finest details that the people behind
// it allow. It starts from none: a response that says nothing can be of
// everybody who answered. first drops what too few were asked about.
func settleDetails(ctx context.Context, tx Tx, to []Response, first func(*Response) error) error {
	crowds, order, err := crowdsOf(ctx, tx, to)
	if err != nil {
		return err
	}
	for i := range to {
		r := &to[i]
		c := crowds[r.ground()]
		if err := first(r); err != nil {
			return err
		}
		r.Category, r.Equipment = c.keep(r.Category, r.Equipment)
	}
	for _, g := range order {
		if err := tx.SaveStands(ctx, g, crowds[g].changed()); err != nil {
			return err
		}
	}
	return nil
}

// crowdsOf reads the grounds of the responses and counts their people in.
func crowdsOf(ctx context.Context, tx Tx, to []Response) (map[Ground]*crowd, []Ground, error) {
	crowds, order := map[Ground]*crowd{}, []Ground(nil)
	for _, r := range to {
		g := r.ground()
		if crowds[g] == nil {
			known, err := tx.Stands(ctx, g)
			if err != nil {
				return nil, nil, err
			}
			crowds[g], order = newCrowd(known), append(order, g)
		}
		if r.Category != "" {
			crowds[g].add(r.Category, r.Equipment, 1, 0)
		}
	}
	return crowds, order, nil
}

func (r Response) ground() Ground { return Ground{r.Month, r.Center, r.Template, r.Version, r.Entry} }

// mixed is among how many responses of the month those just moved are mixed.
const mixed = 100

// mixAll mixes each center's month that something moved into, once.
func (s *Service) mixAll(ctx context.Context, tx Tx, all []SeriesAt) error {
	last := ""
	for _, at := range all { // in the order of months
		if at.Month == last {
			continue
		}
		last = at.Month
		if err := s.mix(ctx, tx, at.Month, at.Center); err != nil {
			return err
		}
	}
	return nil
}

// mix gives responses of the center's month new ids in random order, so that
// neither their place in the file nor the transaction that wrote them tells
// with whom they came.
func (s *Service) mix(ctx context.Context, tx Tx, month, center string) error {
	ids, err := tx.SomeResponses(ctx, month, center, s.d.NewID(), mixed)
	if err != nil {
		return err
	}
	names := make([][2]string, 0, len(ids))
	for _, id := range ids {
		names = append(names, [2]string{id, s.d.NewID()})
	}
	for i := len(names) - 1; i > 0; i-- { // Fisher-Yates
		j := s.d.Random(i + 1)
		names[i], names[j] = names[j], names[i]
	}
	return tx.Mix(ctx, month, center, names)
}
