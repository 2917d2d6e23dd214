/**
 * How many decimals a currency's minor unit has (ISO 4217, list one, amendment 179): a code in, digits out, or undefined
 * where there is no such code. A table of our own, as what Intl knows changes with the ICU of a Node.
 */
const DECIMALS = new Map<string, number>();

function add(decimals: number, codes: string): void {
  for (const code of codes.split(' ')) DECIMALS.set(code, decimals);
}

add(
  2,
  'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG',
);
add(0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF');
add(3, 'BHD IQD JOD KWD LYD OMR TND');
add(4, 'CLF UYW');

/** Case does not matter, as providers write both. */
export function decimalsOfCurrency(code: string): number | undefined {
  return DECIMALS.get(code.toUpperCase());
}
