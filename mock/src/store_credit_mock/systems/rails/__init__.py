"""What Rails and the libraries around it decide in every version of Spree: parameters, filters, times, money."""
