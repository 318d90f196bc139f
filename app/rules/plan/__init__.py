"""What every plan carries beside its options: dates, tasks, targets, referral, duration, alerts, missing facts."""
