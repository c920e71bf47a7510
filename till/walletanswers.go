package till

// WalletAnswers is how a provider answered the calls of this till. Calls counts
// all; Unanswered those without an answer or with one of a failing server. Times
// are from sending a call to its answer.
type WalletAnswers struct {
	Wallet            string
	Calls, Unanswered int
	Times             PayTimes
}
