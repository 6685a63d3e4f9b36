package survey

import "math"

// studentT is the 97.5 % quantile of Student's t with df degrees of freedom.
func studentT(df int) float64 { return studentQuantile(float64(df)) }

// studentQuantile is studentT for degrees of freedom that may be a fraction, by
// Newton's method. The normal quantile lies below every t, and the distribution
// is concave there: the steps come nearer from below and never pass it.
func studentQuantile(df float64) float64 {
	la, _ := math.Lgamma((df + 1) / 2)
	lb, _ := math.Lgamma(df / 2)
	peak := math.Exp(la-lb) / math.Sqrt(df*math.Pi)
	t := 1.959963984540054
	for range 100 {
		density := peak * math.Pow(1+t*t/df, -(df+1)/2)
		step := (0.975 - studentCDF(t, df)) / density
		if t += step; step < t*1e-14 {
			break
		}
	}
	return t
}

// studentCDF is the distribution of t for t ≥ 0.
func studentCDF(t, df float64) float64 {
	return 1 - 0.5*incompleteBeta(df/2, 0.5, df/(df+t*t))
}

// incompleteBeta is the regularized incomplete beta function I_x(a, b).
func incompleteBeta(a, b, x float64) float64 {
	switch {
	case x <= 0:
		return 0
	case x >= 1:
		return 1
	}
	la, _ := math.Lgamma(a)
	lb, _ := math.Lgamma(b)
	lab, _ := math.Lgamma(a + b)
	front := math.Exp(lab - la - lb + a*math.Log(x) + b*math.Log1p(-x))
	if x < (a+1)/(a+b+2) { // the fraction converges fast on this side only
		return front * betaFraction(a, b, x) / a
	}
	return 1 - front*betaFraction(b, a, 1-x)/b
}

// betaFraction is the continued fraction of the incomplete beta function by
// Lentz's method.
func betaFraction(a, b, x float64) float64 {
	const tiny, exact = 1e-300, 1e-15
	keep := func(v float64) float64 {
		if math.Abs(v) < tiny {
			return tiny
		}
		return v
	}
	c, d := 1.0, 1/keep(1-(a+b)*x/(a+1))
	h := d
	for i := 1; i <= 300; i++ {
		m := float64(i)
		for _, step := range []float64{
			m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m)),
			-(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1)),
		} {
			d = 1 / keep(1+step*d)
			c = keep(1 + step/c)
			h *= d * c
			if math.Abs(d*c-1) < exact && i > 1 {
				return h
			}
		}
	}
	return h
}
