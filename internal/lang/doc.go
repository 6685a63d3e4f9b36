// Package lang holds what the two languages of the service need everywhere:
// a text in Korean and English, Korean particles, initial consonants (초성)
// and masking. It imports the standard library only.
package lang
