import { choice, list, needed, number, object, text, word } from './shape.ts';

const forecastHorizon = choice('mode', object({}), {
  Auto: object({}),
  Custom: object({ value: needed(number) }),
});
const seasonality = choice('mode', object({}), {
  Auto: object({}),
  Custom: object({ value: needed(number) }),
});
const targetLags = choice('mode', object({}), {
  Auto: object({}),
  Custom: object({ values: needed(list(number)) }),
});
const targetRollingWindowSize = choice('mode', object({}), {
  Auto: object({}),
  Custom: object({ value: needed(number) }),
});
/** What forecasting is told of time. */
export const forecastingSettings = object({
  countryOrRegionForHolidays: text,
  cvStepSize: number,
  featureLags: word('None', 'Auto'),
  forecastHorizon: forecastHorizon,
  frequency: text,
  seasonality: seasonality,
  shortSeriesHandlingConfig: word('None', 'Auto', 'Pad', 'Drop'),
  targetAggregateFunction: word('None', 'Sum', 'Max', 'Min', 'Mean'),
  targetLags: targetLags,
  targetRollingWindowSize: targetRollingWindowSize,
  timeColumnName: text,
  timeSeriesIdColumnNames: list(text),
  useStl: word('None', 'Season', 'SeasonTrend'),
});
