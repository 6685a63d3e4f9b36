package e2e

import "strings"

// tokens are the colours of the design, and no others may be drawn.
var tokens = strings.Fields(`
#ecf2fe #d8e5fd #b1cefb #86aff9 #4c87f6 #256ef4 #0b50d0 #083891 #052561 #03163a #020f27
#eef2f7 #d6e0eb #bacbde #90b0d5 #6b96c7 #346fb2 #1c589c #063a74 #052b57 #031f3f #02162c
#f4f5f6 #e6e8ea #cdd1d5 #b1b8be #8a949e #6d7882 #58616a #464c53 #33363d #1e2124 #131416
#fdefec #fcdfd9 #f7afa1 #f48771 #f05f42 #de3412 #bd2c0f #8a240f #5c180a #390d05 #260903
#fff3db #ffe0a3 #ffc95c #ffb114 #c78500 #9e6a00 #8a5c00 #614100 #422c00 #2e1f00 #241800
#eaf6ec #d8eedd #a9dab4 #7ec88e #3fa654 #228738 #267337 #285d33 #1f4727 #122b18 #0e2012
#e7f4fe #d3ebfd #9ed2fa #5fb5f7 #2098f3 #0b78cb #096ab3 #085691 #053961 #03253f #021a2c
#fbeff0 #f5d6d9 #ebadb2 #e0858c #d65c66 #d63d4a #ab2b36 #7a1f26 #521419 #310c0f #21080a
#edf6f8 #d5ebf1 #abd8e3 #75c0d1 #3d9fb8 #268097 #1f687a #17505e #113b45 #0e3139 #091f25
#e5ecf9 #98acc5 #61758f #39506c #223a58 #5917b8 #c49ff9 #ffffff #000000`)
