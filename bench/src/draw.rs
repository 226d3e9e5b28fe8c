//! Pictures of the results, as SVG.

use std::path::Path;

use anyhow::{Result, anyhow};
use plotters::coord::ranged1d::{AsRangedCoord, ValueFormatter};
use plotters::prelude::*;

use crate::measure::Measure;
use crate::results::{Line, Results};

/// One picture: a figure of each peer, by size of the record.
struct Picture {
    file: &'static str,
    measure: Measure,
    title: &'static str,
    pick: fn(&Line) -> f64,
}

const PICTURES: [Picture; 5] = [
    Picture {
        file: "read.svg",
        measure: Measure::Read,
        title: "Warm read, median ns",
        pick: |line| line.summary.median,
    },
    Picture {
        file: "write.svg",
        measure: Measure::Write,
        title: "Warm write, median ns",
        pick: |line| line.summary.median,
    },
    Picture {
        file: "cold.svg",
        measure: Measure::Cold,
        title: "Read of what another core has just written, median ns",
        pick: |line| line.summary.median,
    },
    Picture {
        file: "storm.svg",
        measure: Measure::Storm,
        title: "Read beside a thread that writes without pause, p99 ns",
        pick: |line| line.summary.p99,
    },
    Picture {
        file: "storm-across.svg",
        measure: Measure::StormAcross,
        title: "Read beside a process that writes without pause, p99 ns",
        pick: |line| line.summary.p99,
    },
];

/// The picture of how single reads are spread.
const SPREAD: &str = "spread.svg";

/// Draws every picture that there are results for.
pub(crate) fn pictures(results: &Results, folder: &Path) -> Result<()> {
    for picture in &PICTURES {
        let lines = results.of(picture.measure.title());
        if !lines.is_empty() {
            picture.draw(&lines, &folder.join(picture.file))?;
        }
    }
    let spread = results.of(Measure::Spread.title());
    if !spread.is_empty() {
        draw_spread(&spread, &folder.join(SPREAD))?;
    }
    Ok(())
}

/// The percentiles of each line.
fn draw_spread(lines: &[&Line], path: &Path) -> Result<()> {
    let points = lines.iter().flat_map(|line| {
        let percentiles = line.percentiles.iter().enumerate();
        // An interval that was found empty is one of less than a tick.
        percentiles.map(|(i, &ns)| (line.who.as_str(), ns.max(0.3), (i + 1) as f64))
    });
    let points: Vec<_> = points.collect();
    let largest = points.iter().map(|point| point.1).fold(1.0, f64::max);
    let axes = Axes {
        title: "Single reads of 64 bytes: how many take at most so long",
        x: "ns",
        y: "percent",
        legend_at: 30,
    };
    axes.draw(path, &points, (0.3..largest * 1.3).log_scale(), 0.0..100.0)
}

/// What stands around the lines of a picture.
struct Axes {
    title: &'static str,
    x: &'static str,
    y: &'static str,
    /// From the top.
    legend_at: i32,
}

impl Picture {
    fn draw(&self, lines: &[&Line], path: &Path) -> Result<()> {
        let points: Vec<(&str, f64, f64)> = lines
            .iter()
            // A logarithm has no zero.
            .map(|line| {
                (
                    line.who.as_str(),
                    line.size as f64,
                    (self.pick)(line).max(0.1),
                )
            })
            .collect();
        let largest = points.iter().map(|point| point.2).fold(1.0, f64::max);
        let least = points.iter().map(|point| point.2).fold(largest, f64::min);

        let axes = Axes {
            title: self.title,
            x: "bytes of the record",
            y: "ns",
            legend_at: 20,
        };
        let x = (14.0..4600.0).log_scale();
        axes.draw(path, &points, x, (least * 0.8..largest * 1.3).log_scale())
    }
}

impl Axes {
    /// A line for each name, through its points in their order.
    fn draw<X, Y>(&self, path: &Path, points: &[(&str, f64, f64)], x: X, y: Y) -> Result<()>
    where
        X: AsRangedCoord<Value = f64>,
        Y: AsRangedCoord<Value = f64>,
        X::CoordDescType: ValueFormatter<f64>,
        Y::CoordDescType: ValueFormatter<f64>,
    {
        let area = SVGBackend::new(path, (860, 520)).into_drawing_area();
        let failed = |error| anyhow!("{}: {error}", path.display());
        area.fill(&WHITE)
            .map_err(|error| failed(error.to_string()))?;
        let mut chart = ChartBuilder::on(&area)
            .caption(self.title, ("sans-serif", 20))
            .margin(12)
            .x_label_area_size(40)
            .y_label_area_size(60)
            .margin_right(190)
            .build_cartesian_2d(x, y)
            .map_err(|error| failed(error.to_string()))?;
        chart
            .configure_mesh()
            .light_line_style(TRANSPARENT)
            .x_desc(self.x)
            .y_desc(self.y)
            .x_labels(5)
            .draw()
            .map_err(|error| failed(error.to_string()))?;

        let mut names: Vec<&str> = Vec::new();
        for (name, ..) in points {
            if !names.contains(name) {
                names.push(name);
            }
        }
        for (number, name) in names.iter().enumerate() {
            let color = color(number, name);
            let width = if name.starts_with("shm") { 3 } else { 1 };
            let of = points.iter().filter(|point| point.0 == *name);
            let of = of.map(|&(_, size, value)| (size, value));
            chart
                .draw_series(LineSeries::new(of, color.stroke_width(width)))
                .map_err(|error| failed(error.to_string()))?
                .label(*name)
                .legend(move |(x, y)| {
                    PathElement::new([(x, y), (x + 18, y)], color.stroke_width(width))
                });
        }
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::Coordinate(620, self.legend_at))
            .border_style(TRANSPARENT)
            .draw()
            .map_err(|error| failed(error.to_string()))?;
        area.present().map_err(|error| failed(error.to_string()))
    }
}

/// Black for the yardstick, red for ours, others as they come.
fn color(number: usize, name: &str) -> RGBColor {
    match name {
        "memcpy" => BLACK,
        "shm-runtime" => RGBColor(200, 30, 30),
        "shm-runtime, copies: 4" => RGBColor(240, 130, 30),
        "shm-runtime, by value" => RGBColor(230, 160, 160),
        _ => {
            let (red, green, blue) = Palette99::pick(number).rgb();
            RGBColor(red, green, blue)
        }
    }
}
