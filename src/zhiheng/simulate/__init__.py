"""Made-up courts and cases with known truth, calibrated to published national figures."""
