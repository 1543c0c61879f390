package ui

// Brand is the name at the top left of a page, and where it leads.
type Brand struct {
	Name string
	Href string
}

// NavItem is one place to go to.
type NavItem struct {
	Text    string
	Href    string
	Current bool // the page that is open
}

// RailGroup is a titled list of views.
type RailGroup struct {
	Title string
	Items []RailItem
}

// RailItem is one view, with how much waits in it.
type RailItem struct {
	NavItem
	Count string // as it is read: "12", "500+"; nothing when empty
	Tone  string // "bad" where the count is an alarm; an alarm has its sign beside it
	Icon  string
}
