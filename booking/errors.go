package booking

import "errors"

// ErrOverlap is the database refusing a second occupying booking of one unit.
var ErrOverlap = errors.New("the database refuses the overlap")
