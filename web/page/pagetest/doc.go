// Package pagetest starts the whole service door over a real SQLite file with a
// small catalog of another city, for tests of pages: by HTTP without a browser
// (Site.As(Citizen).Get("/…")), or for a browser (Site.Serve). Time stands
// still at Noon until a test moves it. It is imported by tests only.
package pagetest
