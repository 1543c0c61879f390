// Package journey drives the portal as a person does, in a real browser: wide
// and narrow, light and dark, with JavaScript and without. Only tests use it.
//
// A journey opens a page and goes on from there; when its test ends, it also
// fails for what the browser complained of on the way and for any request that
// left this machine:
//
//	func TestMain(m *testing.M) { os.Exit(journey.Main(m)) }
//
//	p := journey.Open(t, base+"/alpine", journey.View{Width: journey.Phone})
//	p.SignIn(t, base, "alpine", "lea@lumen.example")
//	p.Click(t, `a[href$="/tickets/new"]`)
//	p.Axe(t)
//
// The browser is Debian's chromium-headless-shell, or else its chromium; the checkers are those that make test
// fetches into .state/tools. Set SHOTS to a folder to keep what Shot sees.
package journey
