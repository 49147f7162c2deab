import { Text } from 'ink';
import { createContext, memo, useContext } from 'react';
import type { Line, Span, Tone } from '../drawing/line.ts';

/** Whether colours are wanted; what they say is said without them as well. */
export const Colourful = createContext(true);

const COLOURS: Partial<Record<Tone, string>> = {
  red: 'red',
  yellow: 'yellow',
  green: 'green',
  cyan: 'cyan',
};

/** One row of the terminal. */
export const Row = memo(function Row({ line }: { line: Line }) {
  const isColourful = useContext(Colourful);
  const pieces = line.map((span, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a piece is its place in the line
    <Piece key={at} span={span} isColourful={isColourful} />
  ));
  return <Text wrap="truncate">{pieces.length === 0 ? ' ' : pieces}</Text>;
}, areSame);

function Piece({ span: { text, tone }, isColourful }: { span: Span; isColourful: boolean }) {
  if (tone === null) return text;
  const color = isColourful ? COLOURS[tone] : undefined;
  return (
    <Text
      bold={tone === 'bold'}
      dimColor={tone === 'dim'}
      inverse={tone === 'inverse'}
      {...(color && { color })}
    >
      {text}
    </Text>
  );
}

function areSame({ line: one }: { line: Line }, { line: two }: { line: Line }): boolean {
  return (
    one.length === two.length &&
    one.every(({ text, tone }, at) => text === two[at]?.text && tone === two[at]?.tone)
  );
}
