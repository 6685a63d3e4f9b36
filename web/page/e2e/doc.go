// Package e2e looks at the pages as people do: it starts the program with its
// demo, opens Debian's Chromium on it and presses what people press. It has
// tests only; nothing imports it.
//
// Each test bears the number of the acceptance check it holds the pages to:
// A for structure, access and looks, B for behaviour. The checks of group A run
// on every row of the table in pages_test.go; a new page is a new row.
// SCALE=full takes each page in both languages, both widths and both contrasts,
// else once at 390 px in Korean. SCREENSHOTS=folder keeps the pictures.
//
// TODAY=2027-01-31 begins in the first fitting week after that day instead of
// this one, and SLOW=6 lets the browser compute six times as slowly: what
// passes by luck alone shows there.
package e2e
