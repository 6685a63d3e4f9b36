// Package sheet writes figures as files that people open in a spreadsheet: CSV
// (UTF-8 with a byte order mark, as Excel wants it) and XLSX. No text can
// become a formula. It knows what the services count, and nothing of HTTP.
package sheet
