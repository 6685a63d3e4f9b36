package store

import (
	"context"
	"database/sql/driver"
)

// noConnector makes no connection; see refused.
type noConnector struct{}

func (noConnector) Connect(context.Context) (driver.Conn, error) { return nil, errLost }
func (noConnector) Driver() driver.Driver                        { return nil }
