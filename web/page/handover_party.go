package page

import (
	"net/url"
	"strconv"

	"guichet/internal/desk"
	"guichet/internal/i18n"
)

// PartyForm is a provider or a publisher, as typed.
type PartyForm struct {
	List     string // "providers" or "publishers"
	At       int
	Key      string // "" for a new one
	Party    desk.HandoverProvider
	Now      desk.Handover
	Conflict bool
	Problems desk.Problems
}

// ReadPartyForm reads one from a form.
func ReadPartyForm(v url.Values, list, key string) PartyForm {
	at, _ := strconv.Atoi(v.Get("at"))
	return PartyForm{List: list, At: at, Key: key, Party: desk.HandoverProvider{Name: v.Get("name"), Email: v.Get("email"), Phone: v.Get("phone"),
		Portal: v.Get("portal"), Desk: v.Get("desk")}}
}

func (l PartyForm) title(p *i18n.Printer) string {
	switch {
	case l.Key != "" && l.List == "providers":
		return p.T("handover.provider_edit")
	case l.Key != "":
		return p.T("handover.publisher_edit")
	case l.List == "providers":
		return p.T("handover.provider_add")
	}
	return p.T("handover.publisher_add")
}

func (l PartyForm) action(f Frame) string {
	if l.Key == "" {
		return handoverHref(f, l.List)
	}
	return handoverHref(f, l.List, l.Key)
}

// others is the list as it is now.
func (l PartyForm) others() []desk.HandoverProvider {
	if l.List == "providers" {
		return l.Now.Providers
	}
	return l.Now.Publishers
}
