-- Uses that run: few rows at any time. What still stands on a machine though
-- its time is over is found here and not by a walk over all its bookings.
CREATE INDEX booking_in_use ON booking (equipment_id, starts_at) WHERE status = 'checked_in';
