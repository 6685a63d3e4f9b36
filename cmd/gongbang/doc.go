// Command gongbang is the whole service in one program: settings, wiring and
// the commands of the operator. It is the only package that knows every other
// one; rules live in booking, account and survey, SQL in store, HTTP in web.
//
// run takes its arguments, environment and streams as values, so tests call
// it like the shell does. Exit codes: 0 done, 1 refused or failed, 2 called
// in a way that is not understood.
package main
