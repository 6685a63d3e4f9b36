// Package proof holds the whole program to its promises from outside: it
// builds the binary, starts real servers on folders and databases of their
// own, and breaks what may break. It has tests only; nothing imports it.
// `SCALE=full` runs each proof in full, else at a scale that ends in minutes.
package proof
