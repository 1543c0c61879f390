package page

import (
	"context"
	"net/url"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/ui"
)

// Agreements are what a customer has agreed on, with the form that came back
// wrong, if one did.
type Agreements struct {
	List  []desk.Agreement
	Offer desk.Offer
	Today desk.Day
	Typed *AgreementForm
}

// AgreementForm is the form of an agreement; ID is Nobody for a new one.
type AgreementForm struct {
	desk.AgreementSettings
	ID       desk.ID
	Problems desk.Problems
}

// ReadAgreement reads what was typed.
func ReadAgreement(v url.Values) desk.AgreementSettings {
	return desk.AgreementSettings{Name: v.Get("contract"), SupportType: v.Get("support_type"), Services: v["services"], Users: v.Get("users"), Starts: v.Get("starts"), Ends: v.Get("ends")}
}

// form is the form of an agreement as it stands, or as it came back.
func (a Agreements) form(g desk.Agreement) AgreementForm {
	if a.Typed != nil && a.Typed.ID == g.ID {
		return *a.Typed
	}
	if g.ID == desk.Nobody {
		return AgreementForm{AgreementSettings: desk.AgreementSettings{SupportType: a.Offer.Default, Starts: string(a.Today)}}
	}
	s := desk.AgreementSettingsOf(g)
	s.SupportType = a.Offer.Current(g.SupportType)
	return AgreementForm{AgreementSettings: s, ID: g.ID}
}

// prefix makes ids of one form differ from those of all others on the page.
func (f AgreementForm) prefix() string {
	if f.ID == desk.Nobody {
		return "agreement-new-"
	}
	return "agreement-" + f.ID.String() + "-"
}

// field is one of its fields.
func (f AgreementForm) field(ctx context.Context, name, value string) ui.Field {
	return ui.Field{Name: name, Label: i18n.T(ctx, "offer.agreement."+name), Value: shown(value), Error: offerError(ctx, f.Problems, name), More: map[string]any{"id": f.prefix() + name}}
}

func (f AgreementForm) summary(ctx context.Context) []ui.Problem {
	out := offerSummary(ctx, f.Problems)
	for i := range out {
		out[i].For = f.prefix() + out[i].For
	}
	return out
}

// typeChoices are the offer's types, and what the agreement names beside them.
func (a Agreements) typeChoices(ctx context.Context, chosen string) []ui.Option {
	out := typeOptions(ctx, a.Offer, "", "")
	if _, known := a.Offer.Type(chosen); !known {
		out = append(out, ui.Option{Value: shown(chosen), Text: shown(chosen)})
	}
	return out
}

// period is from when to when an agreement holds.
func period(p *i18n.Printer, g desk.Agreement) string {
	from := p.ShortDate(g.Starts.At(p.Zone()))
	if g.Ends == nil {
		return p.T("offer.agreement.since", "From", from)
	}
	return p.T("offer.agreement.from_to", "From", from, "To", p.ShortDate(g.Ends.At(p.Zone())))
}

// agreementHref is where the form of an agreement goes; of a new one for Nobody.
func agreementHref(f Frame, c desk.Customer, id desk.ID) string {
	href := f.Href("/settings/customers/" + c.ID.String() + "/agreements")
	if id == desk.Nobody {
		return href
	}
	return href + "/" + id.String()
}
