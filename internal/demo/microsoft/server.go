// Package microsoft stands in for Microsoft's endpoints in the demo and in
// tests: consent, tokens, and service health that changes with time. It is
// written from Microsoft's documentation, to tell the clients when they are wrong.
package microsoft
