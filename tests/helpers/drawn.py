"""What a figure shows, read from its drawing."""

from matplotlib.figure import Figure


def legend(figure: Figure) -> list[str]:
    """Labels of the legend above the axes."""
    return [text.get_text() for text in figure.legends[0].get_texts()]


def titles(figure: Figure) -> list[str]:
    """Titles of the axes that are shown."""
    return [axis.get_title("left") for axis in figure.axes if axis.get_visible()]


def loss_and_gain(figure: Figure) -> tuple[float, float]:
    """Areas of a histogram's bars below and above zero."""
    bars = [each for each in figure.axes[0].patches if each.get_height() > 0]
    assert not any(each.get_x() < -1e-9 and each.get_x() + each.get_width() > 1e-9 for each in bars)
    areas = [(each.get_x() < -1e-12, each.get_width() * each.get_height()) for each in bars]
    return sum(area for below, area in areas if below), sum(area for below, area in areas if not below)
