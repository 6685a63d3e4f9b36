/* Why the database decides, for Spin: one time on one unit, two people who
 * hold and confirm it, staff who approve somebody's request onto it, leases
 * that end, a Redis that is flushed. Each step between semicolons may be
 * followed by steps of all others: a process may freeze anywhere, for any time.
 *
 * Who guards the write is chosen when the model is built:
 *   CONSTRAINT  the database refuses a second row on the time (what is shipped)
 *   LOCK        who writes looks once more whether the lock is still theirs
 *   FENCE       LOCK, and the database refuses a lease's number older than the last it saw
 * NO_EXPIRY, NO_FLUSH, NO_APPROVAL and NO_LOCK take parts out; NEVER_BOOKS claims too much.
 */

byte lease = 0;   /* Redis: whose lock it is, 0 is nobody's */
byte number = 0;  /* Redis: counts leases; FLUSHALL takes it back to 0 */

byte booked = 0;  /* database: rows that occupy the time */
byte seen = 0;    /* database: the highest number of a lease that wrote */

/* One statement of the database: nothing comes in between. */
inline insert(mine) {
	atomic {
		if
#ifdef CONSTRAINT
		:: booked > 0 -> skip              /* refused: 409 */
#endif
#ifdef FENCE
		:: mine != 0 && mine < seen -> skip  /* refused: a newer lease has written */
#endif
		:: else ->
			booked++;
			if :: mine > seen -> seen = mine :: else fi;
		fi;
		assert(booked <= 1);
#ifdef NEVER_BOOKS
		assert(booked == 0);
#endif
	}
}

active [2] proctype Person() {
	byte mine = 0;

#ifndef NO_LOCK
	atomic { /* hold: SET NX and INCR in one script */
		if
		:: lease == 0 -> lease = _pid + 1; number++; mine = number
		:: else -> goto done               /* somebody else holds it */
		fi
	}
#endif
	if                                         /* confirm: judge */
	:: booked > 0 -> goto done
	:: else -> skip
	fi;
#if defined(LOCK) || defined(FENCE)
	if
	:: lease != _pid + 1 -> goto done          /* the lease has ended */
	:: else -> skip
	fi;
#endif
	insert(mine);                              /* confirm: write */
	atomic { if :: lease == _pid + 1 -> lease = 0 :: else fi }  /* give the lock back */
done:
	skip
}

/* Approvals, walk-ins and moves write without ever having had this lock. */
#ifndef NO_APPROVAL
active proctype Staff() {
	if
	:: booked > 0 -> goto done
	:: else -> skip
	fi;
	insert(0);
done:
	skip
}
#endif

active proctype Time() {
	do
#ifndef NO_EXPIRY
	:: atomic { lease != 0 -> lease = 0 }
#endif
#ifndef NO_FLUSH
	:: atomic { lease != 0 || number != 0 -> lease = 0; number = 0 }
#endif
	:: break
	od
}
