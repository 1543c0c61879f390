package page

// keyHint is a single key and the message key of what it does.
type keyHint struct{ Key, Does string }

// The keys of each page, as its help lists them.
var (
	queueKeys  = []keyHint{{"j", "keys.next_row"}, {"k", "keys.previous_row"}, {"⏎", "keys.open"}, {"/", "keys.search"}, {"?", "keys.help"}}
	ticketKeys = []keyHint{{"r", "keys.reply"}, {"n", "keys.note"}, {"t", "keys.time"}, {"e", "escalation.key"}, {"]", "keys.next_ticket"}, {"[", "keys.previous_ticket"}, {"?", "keys.help"}}
)
