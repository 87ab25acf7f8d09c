/**
 * inWords(number) spells a whole number from 0 to 999999 in English: 342 is "three hundred forty-two", 1001 is "one thousand
 * one".
 */
const SMALL =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const TENS = ['', '', 'twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];

function inWords(number) {
  if (number < 20) {
    return SMALL[number];
  }
  if (number < 100) {
    const unit = number % 10;
    const tens = TENS[Math.floor(number / 10)];
    return unit === 0 ? tens : `${tens}-${SMALL[unit]}`;
  }
  const [size, name] = number < 1000 ? [100, 'hundred'] : [1000, 'thousand'];
  const head = `${inWords(Math.floor(number / size))} ${name}`;
  const rest = number % size;
  return rest === 0 ? head : `${head} ${inWords(rest)}`;
}

// public
//   inWords(7) -> 'seven'
//   inWords(42) -> 'forty-two'
//   inWords(342) -> 'three hundred forty-two'
// hidden
//   inWords(0) -> 'zero'
//   inWords(13) -> 'thirteen'
//   inWords(20) -> 'twenty'
//   inWords(99) -> 'ninety-nine'
//   inWords(100) -> 'one hundred'
//   inWords(110) -> 'one hundred ten'
//   inWords(1000) -> 'one thousand'
//   inWords(1001) -> 'one thousand one'
//   inWords(70015) -> 'seventy thousand fifteen'
//   inWords(999999) -> 'nine hundred ninety-nine thousand nine hundred ninety-nine'
