package surge

// How alike the words of two tickets must be, as the share of the shorter one's that both have.
const (
	alike     = 0.5
	veryAlike = 0.7
	fewAlike  = 3 // words that both must have
)

// likeness is the overlap of two sorted lists of words, against the shorter; 0 where too few are shared.
func likeness(a, b []string) float64 {
	shared := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			shared, i, j = shared+1, i+1, j+1
		case a[i] < b[j]:
			i++
		default:
			j++
		}
	}
	if shared < fewAlike {
		return 0
	}
	return float64(shared) / float64(min(len(a), len(b)))
}
