// Package testdata holds the data that ships with the program: the catalog of
// Seoul's 29 manufacturing support centers, a small catalog of another city, the JSON Schema every catalog file
// is held to, and the rule sets of real facilities that tests express as policy.
// It imports nothing.
package testdata

import _ "embed"

// Seoul is the catalog of the 29 centers with Korea's public holidays, as
// gongbang import takes it.
//
//go:embed seoul.json
var Seoul []byte

// Busan is a small invented catalog of another city: nothing in the program
// may depend on one city's names.
//
//go:embed busan.json
var Busan []byte

// Schema says what a catalog file may hold (JSON Schema 2020-12).
//
//go:embed catalog.schema.json
var Schema []byte

// Presets are rule sets in force at real facilities, each as policy values.
//
//go:embed policy-presets.json
var Presets []byte
