package rest

import (
	"bytes"
	"encoding/json"
	"fmt"

	"guichet/internal/desk"
)

// page is one answer of a list. Graph and Azure name the next one differently.
type page struct {
	Value     *entries `json:"value"`
	ODataNext *string  `json:"@odata.nextLink"`
	AzureNext *string  `json:"nextLink"`
}

func (p page) next() string {
	for _, link := range []*string{p.ODataNext, p.AzureNext} {
		if link != nil {
			return *link
		}
	}
	return ""
}

// entries are a list's, each unread: one that is wrong must not lose the others.
type entries []json.RawMessage

// UnmarshalJSON stops at a limit. A page of sixteen million bytes may hold eight
// million entries, each of which costs more in memory than on the wire.
func (e *entries) UnmarshalJSON(text []byte) error {
	d := json.NewDecoder(bytes.NewReader(text))
	if first, err := d.Token(); err != nil || first != json.Delim('[') {
		return fmt.Errorf("value is no list")
	}
	*e = entries{}
	for d.More() {
		if len(*e) == mostPageEntries {
			return fmt.Errorf("more than %d entries in a page", mostPageEntries)
		}
		var one json.RawMessage
		if err := d.Decode(&one); err != nil {
			return err
		}
		*e = append(*e, one)
	}
	return nil
}

func decode(body []byte, into any) error {
	if err := json.Unmarshal(body, into); err != nil {
		return desk.Refusal{Kind: desk.RefusedForm, Detail: brief(err.Error())}
	}
	return nil
}
