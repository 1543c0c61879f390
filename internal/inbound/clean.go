package inbound

// CleanOptions say what becomes of images.
type CleanOptions struct {
	// Image gives the address under which the image of a Content-ID is fetched, and false when there is none: it is
	// left out then. nil knows none. The address is put into the page as it is.
	Image func(contentID string) (address string, known bool)
	// Remote lets images be fetched from where the sender wants, who learns by it that his mail is read. They are
	// held back otherwise.
	Remote bool
}

// Clean makes a sender's HTML harmless: what is left has text, tables, lists, links and images, and nothing that runs,
// asks, posts or reaches out. Cleaning what is clean changes nothing. held is the number of remote images that were
// held back; with CleanOptions.Remote they would be shown.
func Clean(html string, o CleanOptions) (clean string, held int) {
	return "", 0
}
