package page

import (
	"context"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/ui"
)

// Incident is an incident as the desk works on it, with the one form that came
// back.
type Incident struct {
	Story   desk.IncidentStory
	Others  []desk.IncidentRow // it may be merged with
	Act     IncidentActForm
	Words   WordsForm
	About   NewIncidentForm // what it is about; only its first fields
	Request IncidentField
	Ticket  IncidentField
	Issue   IncidentField
	Into    IncidentField
	Sent    []desk.Announcement // what was written to all its tickets, the newest first
	// Escalation is the number of the live one that is its one request, 0 for none.
	Escalation int64
	Conflict   bool // somebody was faster: what was typed stands beside what holds now
}

// IncidentActForm is what a person does to it, as typed.
type IncidentActForm struct {
	Act, Words string
	Problems   desk.Problems
}

// IncidentField is a form of one field, as typed.
type IncidentField struct {
	Value    string
	Problems desk.Problems
}

// problems are what is wrong with the one form that came back.
func (i Incident) problems() desk.Problems {
	return slices.Concat(i.Act.Problems, i.Words.Problems, i.About.Problems, i.Request.Problems, i.Ticket.Problems, i.Issue.Problems, i.Into.Problems)
}

// act is where a form of the page posts to.
func (i Incident) act(f Frame, what string) string {
	return incidentHref(f, i.Story.Number) + "/" + what
}

// firstTicket is the number of its first ticket, from whose page its one request is
// prepared; 0 for none.
func (i Incident) firstTicket() int64 {
	for _, k := range i.Story.Tickets {
		if !k.State.Ended() {
			return k.Number
		}
	}
	return 0
}

func (i Incident) revision() string { return number(int64(i.Story.File.Revision)) }

// mainAct is what most likely comes next, "" when nothing does.
func (i Incident) mainAct() desk.IncidentAct {
	return map[desk.IncidentState]desk.IncidentAct{desk.IncidentProposed: desk.OpenIncident, desk.IncidentOpen: desk.MitigateIncident}[i.Story.State]
}

// evidence says in plain words why detection spoke.
func (i Incident) evidence(ctx context.Context) []string {
	p, e := i18n.From(ctx), i.Story.File.Evidence
	if e.DetectedAt.IsZero() {
		return nil
	}
	said := []string{p.N("incident.why", e.Customers, "Window", p.Duration(minutes(e.Window)), "When", p.When(e.DetectedAt), "Usual", usualWords(p, e.Usual))}
	if e.Hint {
		return append(said, p.T("incident.why_hint"))
	}
	return append(said, p.T("incident.why_chance", "Chance", oneIn(p, e.Chance), "Rate", falseRate(p, e.FalseRate)))
}

// usualWords is a figure of customers as people say it.
func usualWords(p *i18n.Printer, usual float64) string {
	switch {
	case usual >= 1:
		return p.N("incident.usual_some", int(usual+0.5))
	case usual >= 0.1:
		return p.T("incident.usual_times", "Times", p.Number(int(1/usual+0.5)))
	}
	return p.T("incident.usual_rare")
}

// oneIn writes a probability as one in so many, with as many digits as it is worth.
func oneIn(p *i18n.Printer, chance float64) string {
	if chance <= 1e-9 {
		return p.T("incident.one_in_more", "Count", p.Number(1_000_000_000))
	}
	n := 1
	for float64(n)*10*chance <= 1 {
		n *= 10
	}
	return p.T("incident.one_in", "Count", p.Number(n*int(1/chance/float64(n))))
}

// falseRate says how often chance makes an incident at this desk.
func falseRate(p *i18n.Printer, perYear float64) string {
	if perYear >= 1 {
		return p.N("incident.false_a_year", int(perYear+0.5))
	}
	return p.N("incident.false_years", int(1/max(perYear, 0.01)+0.5))
}

// eventText is a line of its time line as a sentence.
func incidentEventText(ctx context.Context, e desk.IncidentEvent) string {
	p := i18n.From(ctx)
	who := e.PersonName
	if who == "" {
		who = p.T("incident.detection")
	}
	switch e.Kind {
	case desk.IncidentGrew:
		return p.T("incident.event.grew", "Count", e.Data["tickets"])
	case desk.IncidentJoined, desk.IncidentLeft:
		return p.T("incident.event."+string(e.Kind), "Who", who, "Ticket", e.Data["ticket"])
	case desk.IncidentLinked, desk.IncidentUnlinked:
		return p.T("incident.event."+string(e.Kind), "Who", who, "Code", e.Data["code"])
	case desk.IncidentRequested:
		return p.T("incident.event.requested", "Who", who, "Request", e.Data["request"])
	case desk.IncidentWasMerged:
		return p.T("incident.event.merged", "Who", who, "Into", e.Data["into"])
	case desk.IncidentTookIn:
		return p.T("incident.event.took_in", "Who", who, "From", e.Data["from"], "Count", e.Data["tickets"])
	}
	return p.T("incident.event."+string(e.Kind), "Who", who)
}

// packet is the block that is copied into the request at Microsoft: what, since
// when, where, whom it touches, in English as its reader expects it.
func (i Incident) packet(ctx context.Context) string {
	s, p := i.Story, i18n.New(i18n.English, i18n.From(ctx).Zone(), i18n.From(ctx).Now())
	lines := []string{
		p.T("incident.packet.what", "Title", s.File.Title, "Service", serviceName(p, s.Service)),
		p.T("incident.packet.since", "When", s.StartedAt.UTC().Format("2006-01-02 15:04")),
		p.T("incident.packet.where", "Places", strings.Join(i.places(), ", ")),
		p.T("incident.packet.whom", "Customers", len(s.Customers), "Tickets", s.TicketsAll),
	}
	if e := s.File.Evidence; e.Customers > 0 {
		lines = append(lines, p.T("incident.packet.why", "Count", e.Customers, "Window", e.Window))
	}
	for _, x := range s.Issues {
		lines = append(lines, p.T("incident.packet.issue", "Code", x.Code, "Title", x.Title))
	}
	lines = append(lines, "", p.T("incident.packet.tenants"))
	for _, c := range s.Customers {
		lines = append(lines, p.T("incident.packet.tenant", "Tenant", known(c.Tenant), "Domain", known(c.InitialDomain), "Place", known(c.Region)))
	}
	var tickets []string
	for _, k := range s.Tickets {
		tickets = append(tickets, number(k.Number))
	}
	return strings.Join(append(lines, "", p.T("incident.packet.numbers", "Numbers", strings.Join(tickets, ", "))), "\n")
}

// places are those of its tickets, the most frequent first.
func (i Incident) places() []string {
	var places []string
	for _, n := range i.byPlace() {
		places = append(places, n.name)
	}
	return places
}

// options are the other incidents that it may be merged with.
func (i Incident) options(ctx context.Context) []ui.Option {
	out := []ui.Option{{Text: i18n.T(ctx, "new.choose")}}
	for _, o := range i.Others {
		if o.Number != i.Story.Number {
			out = append(out, ui.Option{Value: number(o.Number), Text: number(o.Number) + " · " + o.Title})
		}
	}
	return out
}

// worded is the field of an act that asks for words.
func (i Incident) worded(ctx context.Context, act desk.IncidentAct) ui.Field {
	x := ui.Field{Name: "summary", Label: i18n.T(ctx, "incident.summary"), Hint: i18n.T(ctx, "incident.summary_hint")}
	if act == desk.DismissIncident {
		x = ui.Field{Name: "reason", Label: i18n.T(ctx, "incident.reason"), Hint: i18n.T(ctx, "incident.reason_hint")}
	}
	x.Required, x.More = true, templ.Attributes{"rows": "3"}
	if i.Act.Act == string(act) {
		x.Value, x.Error = shown(i.Act.Words), problemOf(ctx, i.Act.Problems, x.Name)
	}
	return x
}

// incidentEventIcon is the sign of a line of the time line.
func incidentEventIcon(k desk.IncidentEventKind) string {
	icons := map[desk.IncidentEventKind]string{desk.IncidentWasProposed: "ask", desk.IncidentWasOpened: "alert", desk.IncidentWasMitigated: "eye", desk.IncidentWasClosed: "ok",
		desk.IncidentWasDismissed: "cross", desk.IncidentWasReopened: "turn", desk.IncidentWasMerged: "link", desk.IncidentTookIn: "link", desk.IncidentGrew: "plus",
		desk.IncidentJoined: "plus", desk.IncidentLeft: "cross", desk.IncidentLinked: "link", desk.IncidentUnlinked: "link", desk.IncidentSaid: "pen", desk.IncidentRequested: "send"}
	if icon, ok := icons[k]; ok {
		return icon
	}
	return "pen"
}

// AboutIncident is what an incident is about, as a form.
func AboutIncident(p *i18n.Printer, r desk.IncidentRecord) NewIncidentForm {
	return NewIncidentForm{Title: r.File.Title, Service: r.Service, Region: r.Region, Kind: string(r.Kind), Since: r.StartedAt.In(p.Zone()).Format(localMinute)}
}
