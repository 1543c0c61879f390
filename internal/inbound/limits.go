package inbound

// Limits bound what one mail may cost. What is over one is left out, with a problem that says so; only Raw fails.
type Limits struct {
	Raw          int // bytes of the whole mail
	HeaderBytes  int // bytes of one header, the mail's or a part's
	HeaderFields int // fields of one header
	Depth        int // multiparts within multiparts
	Parts        int // parts in all
	Attachments  int
	Decoded      int // bytes of all parts once decoded
	Addresses    int // addresses of one field
	References   int // ids of one field
	Text         int // bytes of the text
	Line         int // bytes of one line of the text; a longer one is broken
	HTML         int // bytes of the HTML body
	Nesting      int // elements within elements of the HTML body
}

// The shipped limits. A mail of a person stays far below each.
const (
	MaxRaw          = 25 << 20
	maxHeaderBytes  = 256 << 10
	maxHeaderFields = 1000
	maxDepth        = 10
	maxParts        = 200
	maxAttachments  = 100
	maxDecoded      = 32 << 20
	maxAddresses    = 200
	maxReferences   = 100
	maxText         = 1 << 20
	maxLine         = 64 << 10
	maxHTML         = 2 << 20
	maxNesting      = 256
	maxShown        = 998 // bytes of a subject, a name, an id; RFC 5322 allows no longer line
)

// DefaultLimits are those that suit a desk.
func DefaultLimits() Limits {
	return Limits{
		Raw: MaxRaw, HeaderBytes: maxHeaderBytes, HeaderFields: maxHeaderFields, Depth: maxDepth, Parts: maxParts,
		Attachments: maxAttachments, Decoded: maxDecoded, Addresses: maxAddresses, References: maxReferences,
		Text: maxText, Line: maxLine, HTML: maxHTML, Nesting: maxNesting,
	}
}
