package partnercenter

import (
	"context"
	"net/http"

	"guichet/internal/desk"
	"guichet/internal/microsoft/prose"
	"guichet/internal/microsoft/rest"
)

// profile is the support profile as Partner Center reads and writes it. Names of
// fields come in either case.
type profile struct {
	Email     string `json:"email"`
	Telephone string `json:"telephone"`
	Website   string `json:"website"`
}

func (p profile) support() desk.SupportProfile {
	return desk.SupportProfile{Email: prose.Line(p.Email, mostLine), Phone: prose.Line(p.Telephone, mostLine), Website: prose.Line(p.Website, mostLine)}
}

// Profile reads what the partner's customers see. Errors: desk.Refusal.
func (c *Client) Profile(ctx context.Context, a Access) (desk.SupportProfile, error) {
	return c.profile(ctx, a, rest.Call{Method: http.MethodGet, Path: "v1/profiles/support"})
}

// SaveProfile writes it whole, and hands back what is there then. Errors:
// desk.Refusal.
func (c *Client) SaveProfile(ctx context.Context, a Access, s desk.SupportProfile) (desk.SupportProfile, error) {
	return c.profile(ctx, a, rest.Call{Method: http.MethodPut, Path: "v1/profiles/supportprofile", Body: map[string]any{"Email": s.Email, "Telephone": s.Phone,
		"Website": s.Website, "ProfileType": "support_profile", "Attributes": map[string]any{"ObjectType": "PartnerSupportProfile"}}})
}

func (c *Client) profile(ctx context.Context, a Access, q rest.Call) (desk.SupportProfile, error) {
	answer, err := c.ask(ctx, a, q, "")
	if err != nil {
		return desk.SupportProfile{}, err
	}
	var p struct {
		profile
		Type string `json:"profileType"`
	}
	if err := answer.Into(&p); err != nil {
		return desk.SupportProfile{}, err
	}
	if prose.Word(p.Type) != "support_profile" && p.profile == (profile{}) {
		return desk.SupportProfile{}, desk.Refusal{Kind: desk.RefusedForm, Detail: "an answer that is no support profile"}
	}
	return p.support(), nil
}
