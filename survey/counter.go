package survey

// Step of the funnel. Counters are raised as each step happens, because the
// invitation itself forgets what it was about.
type Step string

const (
	StepEligible  Step = "eligible"
	StepInvited   Step = "invited"
	StepDelivered Step = "delivered"
	// StepAnswered counts answers by machine and contact. How many were complete
	// is counted for the whole center alone, with StepCompleted and StepPartial:
	// it is part of what a response says and must not lead to its machine.
	StepAnswered  Step = "answered"
	StepCompleted Step = "completed"
	StepPartial   Step = "partial"
	// StepRefused: the person opted out by that message.
	StepRefused Step = "refused"
)

// stepSkip is the step of a skip reason.
func stepSkip(why Skip) Step { return Step("skip." + why) }

// Counter is one cell of a rule's funnel. Skip reasons are kept per center only.
type Counter struct {
	Rule, Month, Center, Category, Equipment string
	Desk                                     bool // contact typed at the desk
	Step                                     Step
}

// count is the counter of a step for what the invitation is about.
func (i *Invitation) count(step Step) Counter {
	return Counter{i.Rule, i.Month(), i.Center, i.Category, i.Equipment, i.Desk, step}
}

// countSkip is the counter of a skipped invitation.
func (i *Invitation) countSkip(why Skip) Counter {
	return Counter{Rule: i.Rule, Month: i.Month(), Center: i.Center, Desk: i.Desk, Step: stepSkip(why)}
}

// eligibleDespite tells whether a use with this outcome counts in the
// denominator: staff's own and test uses and children are outside of whom the
// survey speaks about; whoever is capped, unreachable or unwilling is inside.
func eligibleDespite(why Skip) bool { return why != SkipStaff && why != SkipUnder14 }
