package i18n

// Size is how much a file holds, as the reader's own computer says it: "412 Ko",
// "4,8 Mo"; "412 kB", "4.8 MB". A kilobyte is 1,024 bytes, as file managers and
// Microsoft's upload limits count.
func (p *Printer) Size(bytes int64) string {
	units := []string{"kB", "MB", "GB"}
	if p.lang == French {
		units = []string{"Ko", "Mo", "Go"}
	}
	n, unit := float64(max(bytes, 1))/1024, 0
	for n >= 999.5 && unit < len(units)-1 {
		n, unit = n/1024, unit+1
	}
	digits := uint64(0)
	switch {
	case unit == 0 && n < 1:
		n = 1 // nobody counts below
	case unit > 0 && n < 9.95 && int64(n*10+0.5)%10 != 0:
		digits = 1
	}
	return p.tongue.names.FmtNumber(n, digits) + "\u00a0" + units[unit]
}
