package desk

import (
	"slices"
	"strconv"
	"strings"

	"guichet/internal/route"
)

// HandoverChange is one act on how a desk hands requests on.
type HandoverChange struct {
	Act      string // one of HandoverActs
	Note     string
	Number   int        // of the line, from 1
	To       int        // where a line goes, from 1
	Line     route.Line // as it shall be
	Approval string
	Contact  HandoverContact
	Key      string           // of the party, "" for a new one
	Party    HandoverProvider // as it shall be
	Remove   bool             // of the party
}

// Changed is the next version, after an act; the same one where it changes
// nothing. Errors: ErrNotFound for a line or a party that is not there; Invalid,
// by the form's fields, where a part of the act; else on "".
func (h Handover) Changed(c HandoverChange, by ID) (Handover, error) {
	next := h
	next.Policy.Lines = slices.Clone(h.Policy.Lines)
	var err error
	switch c.Act {
	case HandoverLineAdded, HandoverLineChanged, HandoverLineMoved, HandoverLineRemoved:
		next.Policy.Lines, err = withLine(next.Policy.Lines, &c)
	case HandoverApproval:
		next.Approval = c.Approval
	case HandoverContacts:
		next.Contact = c.Contact.Clean()
	case HandoverProviders:
		next.Providers, err = withParty(h.Providers, &c)
	case HandoverPublishers:
		next.Publishers, err = withParty(h.Publishers, &c)
	default:
		err = NewInvalid("", "error.form")
	}
	if err != nil || next.Says(h) {
		return h, err
	}
	if next, err = next.Next(c.Act, c.Note, by); err != nil {
		return h, c.near(err)
	}
	return next, nil
}

func withLine(lines []route.Line, c *HandoverChange) ([]route.Line, error) {
	if c.Act == HandoverLineAdded {
		c.Number = max(1, min(c.To, len(lines)+1))
		return slices.Insert(lines, c.Number-1, c.Line), nil
	}
	if c.Number < 1 || c.Number > len(lines) {
		return lines, ErrNotFound
	}
	was := lines[c.Number-1]
	switch c.Act {
	case HandoverLineChanged:
		lines[c.Number-1] = c.Line
	case HandoverLineMoved:
		to := max(1, min(c.To, len(lines)))
		lines = slices.Insert(slices.Delete(lines, c.Number-1, c.Number), to-1, was)
	default:
		lines = slices.Delete(lines, c.Number-1, c.Number)
	}
	return lines, nil
}

func withParty(list []HandoverProvider, c *HandoverChange) ([]HandoverProvider, error) {
	list = slices.Clone(list)
	if c.Key == "" {
		c.Number = len(list) + 1
		return append(list, NewHandoverParty(c.Party, list)), nil
	}
	i := slices.IndexFunc(list, func(p HandoverProvider) bool { return p.Key == c.Key })
	if i < 0 {
		return list, ErrNotFound
	}
	c.Number = i + 1
	if c.Remove {
		return slices.Delete(list, i, i+1), nil
	}
	c.Party = c.Party.clean()
	c.Party.Key = c.Key
	list[i] = c.Party
	return list, nil
}

// near names what is wrong by the fields of the form that the act came from; what
// it would do elsewhere stands on none.
func (c HandoverChange) near(err error) error {
	invalid, ok := err.(Invalid) //nolint:errorlint // made a few lines above
	if !ok {
		return err
	}
	here := ""
	switch c.Act {
	case HandoverLineAdded, HandoverLineChanged:
		here = "line." + strconv.Itoa(c.Number)
	case HandoverProviders, HandoverPublishers:
		here = c.Act + "." + strconv.Itoa(c.Number)
	}
	var p Problems
	for _, q := range invalid.Problems {
		switch field, mine := strings.CutPrefix(q.Field, here); {
		case here != "" && mine && (field == "" || field[0] == '.'):
			q.Field = strings.TrimPrefix(field, ".")
		case strings.ContainsRune(q.Field, '.'):
			q.Field = ""
		}
		p.Add(q.Field, q.Key, q.Args...)
	}
	return p.Err()
}

// Follow finds where a line of an older version stands now; 0 where it was changed
// or is gone.
func (h Handover) Follow(older Handover, number int) int {
	if number < 1 || number > len(older.Policy.Lines) {
		return 0
	}
	was := older.Policy.Lines[number-1]
	return 1 + slices.IndexFunc(h.Policy.Lines, func(l route.Line) bool { return l.Same(was) })
}

// HandoverBook is how a desk hands requests on, with what it went by before.
type HandoverBook struct {
	Now      Handover
	Versions []Handover // the newest ones first
}
