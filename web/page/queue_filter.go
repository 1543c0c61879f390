package page

import (
	"context"
	"strconv"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/ui"
)

// chip is a filter in force, and where the list is without it.
type chip struct{ Text, Remove string }

// chips are the filters in force; the words looked for stand in their box.
func (q Queue) chips(ctx context.Context, f Frame) []chip {
	p := i18n.From(ctx)
	var chips []chip
	add := func(label, value string, without func(*desk.QueueFilter)) {
		rest := q.top()
		without(&rest)
		chips = append(chips, chip{p.T("queue.chip", "Label", label, "Value", value), queueHref(f, rest)})
	}
	if q.Filter.Customer != desk.Nobody {
		add(p.T("queue.col_customer"), q.Customer, func(f *desk.QueueFilter) { f.Customer = desk.Nobody })
	}
	if q.Filter.State != "" {
		add(p.T("queue.state"), p.T("state."+string(q.Filter.State)), func(f *desk.QueueFilter) { f.State = "" })
	}
	if q.Filter.Priority != 0 {
		add(p.T("queue.col_priority"), p.T("priority."+strconv.Itoa(q.Filter.Priority)), func(f *desk.QueueFilter) { f.Priority = 0 })
	}
	if q.Filter.Service != "" {
		add(p.T("queue.col_service"), serviceName(p, q.Filter.Service), func(f *desk.QueueFilter) { f.Service = "" })
	}
	if q.Filter.Outcome != "" {
		add(p.T("queue.col_outcome"), outcomeName(p, q.Filter.Outcome), func(f *desk.QueueFilter) { f.Outcome = "" })
	}
	if q.Filter.Tag != "" {
		add(p.T("trace.tag"), shown(q.Filter.Tag), func(f *desk.QueueFilter) { f.Tag = "" })
	}
	if q.Filter.Team != "" {
		add(p.T("trace.team"), shown(q.Filter.Team), func(f *desk.QueueFilter) { f.Team = "" })
	}
	return chips
}

// queueSelect is one question of the filter form.
type queueSelect struct {
	Field   ui.Field
	Options []ui.Option
}

func (q Queue) selects(ctx context.Context) []queueSelect {
	p := i18n.From(ctx)
	state := queueSelect{ui.Field{Name: "state", Label: p.T("queue.state"), Value: string(q.Filter.State)}, anyOf(p)}
	for _, s := range desk.States() {
		if s.Ended() == (q.Filter.View == desk.ViewEnded) {
			state.Options = append(state.Options, ui.Option{Value: string(s), Text: p.T("state." + string(s))})
		}
	}
	priority := queueSelect{ui.Field{Name: "priority", Label: p.T("queue.col_priority")}, anyOf(p)}
	if q.Filter.Priority != 0 {
		priority.Field.Value = strconv.Itoa(q.Filter.Priority)
	}
	priority.Options = append(priority.Options, priorityOptions(p)...)
	service := queueSelect{ui.Field{Name: "service", Label: p.T("queue.col_service"), Value: q.Filter.Service}, anyOf(p)}
	for _, s := range desk.Services() {
		service.Options = append(service.Options, ui.Option{Value: s.Name, Text: serviceName(p, s.Name)})
	}
	outcome := queueSelect{ui.Field{Name: "outcome", Label: p.T("queue.col_outcome"), Value: string(q.Filter.Outcome)}, anyOf(p)}
	outcome.Options = append(outcome.Options, outcomeOptions(p)...)
	return []queueSelect{state, priority, service, outcome}
}

func anyOf(p *i18n.Printer) []ui.Option { return []ui.Option{{Text: p.T("queue.any")}} }

func priorityOptions(p *i18n.Printer) []ui.Option {
	var options []ui.Option
	for n := 1; n <= 4; n++ {
		level := strconv.Itoa(n)
		options = append(options, ui.Option{Value: level, Text: p.T("priority." + level)})
	}
	return options
}

func outcomeOptions(p *i18n.Printer) []ui.Option {
	var options []ui.Option
	for _, o := range []desk.Outcome{desk.Partner, desk.Microsoft, desk.NeedsInfo} {
		options = append(options, ui.Option{Value: string(o), Text: p.T("outcome." + string(o))})
	}
	return options
}

// emptyQueue is what stands where no row is: its sign, words, and whether there
// is a filter to clear.
type emptyQueue struct {
	Icon, Title, Text string
	Clear             bool
}

func (q Queue) empty(ctx context.Context) emptyQueue {
	p := i18n.From(ctx)
	switch {
	case q.filtered() && q.Filter.View == desk.ViewAll:
		return emptyQueue{"search", p.T("queue.none_match"), p.T("queue.none_match_all"), true}
	case q.filtered():
		return emptyQueue{"search", p.T("queue.none_match"), p.T("queue.none_match_text"), true}
	case q.Filter.View == desk.ViewTodo, q.Filter.View == desk.ViewMine, q.Filter.View == desk.ViewUnassigned, q.Filter.View == desk.ViewDue:
		return emptyQueue{"ok", p.T("queue.all_done"), p.T("queue.all_done_text"), false}
	}
	return emptyQueue{"window", p.T("queue.none_here"), p.T("queue.none_here_text"), false}
}
