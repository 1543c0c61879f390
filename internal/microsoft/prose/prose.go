// Package prose reads what Microsoft publishes for people: plain text out of
// markup, its labelled parts, and when more will be said. Pure.
package prose
