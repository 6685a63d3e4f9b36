// Package apitest holds any server to the contract: a Recorder that validates
// each answer against openapi.yaml, and a Matrix that asks every route as
// every role. Tests of web/api use it on fakes, tests of the program on the
// real thing.
package apitest
