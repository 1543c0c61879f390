package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"guichet/internal/desk"
)

// Decision says who is to resolve a ticket, and why.
type Decision struct {
	ID          desk.ID    `json:"id" format:"uuid"`
	Outcome     string     `json:"outcome" enum:"PARTNER,MICROSOFT,NEEDS_INFO"`
	Category    string     `json:"category"`
	By          string     `json:"by" enum:"rules,person,incident" doc:"Who decided."`
	Rule        string     `json:"rule" doc:"The rule that decided, or would have."`
	Ruleset     int        `json:"ruleset" doc:"The version of the rules; 0 for those that come with the program."`
	Reason      string     `json:"reason" doc:"Why a person decided otherwise."`
	Decider     string     `json:"decider"`
	Confirmer   string     `json:"confirmer" doc:"Who stands by what the rules said."`
	ConfirmedAt *time.Time `json:"confirmed_at,omitempty"`
	CreatedAt   time.Time  `json:"created_at"`
}

// DecisionAnswer is the decision that holds.
type DecisionAnswer struct {
	Location string `header:"Location"`
	Body     Decision
}

type override struct {
	OneTicket
	Body struct {
		Outcome  string `json:"outcome" enum:"PARTNER,MICROSOFT,NEEDS_INFO"`
		Category string `json:"category,omitempty" maxLength:"60" doc:"Needed unless the outcome is NEEDS_INFO."`
		Reason   string `json:"reason" minLength:"1" maxLength:"500"`
	}
}

func (d *door) decisionRoutes(h huma.API) {
	const tag = "Decisions"
	add(d, h, op(http.MethodGet, "/tickets/{number}/decision", desk.ScopeTicketsRead, tag, "readDecision", "The decision that holds"), d.readDecision)
	add(d, h, op(http.MethodPost, "/tickets/{number}/decision", desk.ScopeTicketsWrite, tag, "overrideDecision", "Put a person's decision in place of it"),
		func(ctx context.Context, who desk.Actor, in *override) (*DecisionAnswer, error) {
			if err := d.app.OverrideDecision(ctx, who, in.Number, in.Body.Outcome, in.Body.Category, in.Body.Reason); err != nil {
				return nil, err
			}
			return d.decided(ctx, who, &in.OneTicket)
		})
	add(d, h, op(http.MethodPost, "/tickets/{number}/decision/confirmation", desk.ScopeTicketsWrite, tag, "confirmDecision", "Stand by what the rules said"),
		func(ctx context.Context, who desk.Actor, in *OneTicket) (*DecisionAnswer, error) {
			if err := d.app.ConfirmDecision(ctx, who, in.Number); err != nil {
				return nil, err
			}
			return d.decided(ctx, who, in)
		})
}

// decided answers whoever decided, and says where the decision is.
func (d *door) decided(ctx context.Context, who desk.Actor, in *OneTicket) (*DecisionAnswer, error) {
	out, err := d.readDecision(ctx, who, in)
	if err == nil {
		out.Location = Path + "/tickets/" + number(in.Number) + "/decision"
	}
	return out, err
}

func (d *door) readDecision(ctx context.Context, who desk.Actor, in *OneTicket) (*DecisionAnswer, error) {
	th, err := d.thread(ctx, who, in.Number)
	if err != nil {
		return nil, err
	}
	n := th.Decision
	if n.ID == desk.Nobody {
		return nil, desk.ErrNotFound
	}
	return &DecisionAnswer{Body: Decision{ID: n.ID, Outcome: string(n.Outcome), Category: string(n.Category), By: string(n.By), Rule: n.Verdict.Rule, Ruleset: n.Verdict.Ruleset,
		Reason: n.Reason, Decider: th.Decider, Confirmer: th.Confirmer, ConfirmedAt: utc(n.ConfirmedAt), CreatedAt: n.CreatedAt.UTC()}}, nil
}
